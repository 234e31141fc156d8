"""Topics in words: what the scope notes of the IPTC Media Topics cover, put briefly.

Their vectors pull the topic head towards what a topic means, which carries over to news that
the corpus does not look like.
"""

from __future__ import annotations

DESCRIPTIONS: dict[str, tuple[str, ...]] = {
    "arts": (
        "arts, culture, entertainment and media",
        "film, music, theatre, books, museums, television, celebrities and their work",
        "newspapers, broadcasting and the media business",
    ),
    "crime": (
        "crime, law and justice",
        "police, arrests, courts, trials, lawsuits, verdicts, prison, corruption and fraud",
    ),
    "disaster": (
        "disaster, accident and emergency incident",
        "earthquakes, fires, floods, plane crashes, explosions, rescue operations",
    ),
    "economy": (
        "economy, business and finance",
        "companies, earnings, stock markets, trade, banks, mergers, oil prices, inflation, "
        "products, industry",
    ),
    "education": ("education", "schools, universities, students, teachers, exams"),
    "environment": (
        "environment",
        "climate change, pollution, conservation, wildlife, nature, water",
    ),
    "health": (
        "health",
        "disease, medicine, hospitals, doctors, vaccines, pandemics, public health",
    ),
    "human_interest": (
        "human interest",
        "curious people, animals, oddities, ceremonies, royal families, records, obituaries",
    ),
    "labour": (
        "labour",
        "employment, unemployment, strikes, wages, unions, working conditions, layoffs",
    ),
    "lifestyle": (
        "lifestyle and leisure",
        "travel, food, fashion, hobbies, wellness, homes, games",
    ),
    "politics": (
        "politics and government",
        "elections, parliament, presidents, parties, legislation, diplomacy, foreign policy, "
        "defence policy",
    ),
    "religion": (
        "religion",
        "churches, faith, the pope, mosques, temples, religious festivals",
    ),
    "science": (
        "science and technology",
        "research, space, computers, software, the internet, gadgets, biotechnology",
    ),
    "society": (
        "society",
        "migration, refugees, discrimination, welfare, families, communities, demography, values",
    ),
    "sport": (
        "sport",
        "football, cricket, tennis, olympics, matches, championships, players, coaches",
    ),
    "conflict": (
        "conflict, war and peace",
        "war, armed attacks, terrorism, bombings, troops, unrest, coups, peace talks",
    ),
    "weather": ("weather", "forecasts, storms, heat waves, snow, rain, temperatures"),
}
