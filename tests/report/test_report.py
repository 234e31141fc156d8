"""The report from the files of a run: all of it there, nothing in it that acts, the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from pipeline.report.__main__ import main
from pipeline.report.mistakes import PAGES, STORIES
from pipeline.stage import run_stage
from pipeline.store import layout
from pipeline.store.jsonl import read_records, write_records
from pipeline.store.metrics import read_metrics, write_metrics
from pipeline.store.predictions import read_predictions
from tests.render.parsed import Report
from tests.report.press import LONG, SCRIPT

ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "main",
    "section", "dl", "dt", "dd", "div", "nav", "ol", "ul", "li", "a", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "span", "b", "bdi", "figure", "figcaption", "details", "summary",
    "footer", "svg", "rect", "g", "path", "use", "defs", "clippath", "text",
}  # fmt: skip
SECTIONS = [
    "headline", "end-to-end", "segmentation", "topics", "confidence", "regions", "learning",
    "mistakes", "cost", "corpus", "card",
]  # fmt: skip


def written() -> str:
    main()
    return layout.REPORT.read_text(encoding="utf-8")


def ids(report: Report) -> list[str | None]:
    return [e.attributes.get("id") for e in report.elements if e.tag == "section"]


def git(*arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


def commit(message: str) -> None:
    git("add", "--force", str(layout.METRICS))
    git("commit", "-m", message)


def test_every_section_is_there_in_order(project: Path) -> None:
    report = Report(written())
    assert ids(report) == SECTIONS
    levels = [level for level, _ in report.headings]
    assert levels[0] == "h1" and levels.count("h2") == len(SECTIONS)
    assert report.having("href")[: len(SECTIONS) - 1] == [f"#{name}" for name in SECTIONS[1:]]


def test_two_runs_write_the_same_bytes(project: Path) -> None:
    assert written().encode() == written().encode()


def test_what_others_wrote_is_text(project: Path) -> None:
    html = written()
    assert "&lt;script&gt;alert(&#39;headline&#39;)&lt;/script&gt; arts" in html  # a topic
    assert "X-1&lt;i&gt;" in html and "page &lt;1&gt;" in html  # ids
    assert f"&lt;b&gt;{LONG[:58]}&lt;/b&gt;" in html  # a layout
    assert "{{ 7 * 7 }}" in html and "&amp;amp;" in html and "\u241b[31m" in html
    report = Report(html)
    assert {element.tag for element in report.elements} <= ELEMENTS
    assert not [name for e in report.elements for name in e.attributes if name.startswith("on")]
    assert report.count("style") == 1


def test_the_file_loads_nothing_and_every_link_has_its_end(project: Path) -> None:
    html = written()
    report = Report(html)
    digest = b64encode(hashlib.sha256(report.style.encode()).digest()).decode()
    policies = [e.attributes["content"] for e in report.elements if "http-equiv" in e.attributes]
    assert policies == [
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    ]
    assert not re.search(r"url\(|@import|@font-face|http", report.style)
    assert "style" not in {name for e in report.elements for name in e.attributes}
    named = report.having("id")
    assert len(set(named)) == len(named)
    pointed = {link.removeprefix("#") for link in report.having("href")}
    pointed |= set(re.findall(r"url\(#([^)]+)\)", html))
    pointed |= set(report.having("aria-labelledby"))
    assert pointed <= set(named)


def test_charts_say_what_they_show_and_have_their_numbers(project: Path) -> None:
    html = written()
    report = Report(html)
    charts = [e for e in report.elements if e.attributes.get("role") == "img"]
    assert len(charts) == report.count("figure") == report.count("details") == 9
    says = [e.attributes["aria-label"] or "" for e in charts]
    assert len(set(says)) == len(says) and all(len(words) > 40 for words in says)
    topic = read_metrics(layout.METRICS)["topic"]["calibration"]
    assert any(f"error {topic['ece']:.3f}, Brier score {topic['brier']:.3f}" in s for s in says)
    for figure in re.findall("<figure>.*?</figure>", html, re.DOTALL):
        assert figure.count("<details") == 1 and "<tbody>" in figure.partition("<details")[2]


def test_figures_are_those_of_the_metrics(project: Path) -> None:
    html = written()
    metrics = read_metrics(layout.METRICS)
    for section, name in (("segmentation", "f1"), ("topic", "accuracy"), ("topic", "f1_macro")):
        low, high = (metrics[section][f"{name}_{end}"] for end in ("low", "high"))
        assert f'<dd class="value">{metrics[section][name]:.3f}</dd>' in html
        assert f"95% interval {low:.3f} to {high:.3f}" in html
    rows = re.findall(r'<td class="hit l(\d)">(\d+)</td>', html)
    assert all(int(level) > 0 for level, _ in rows)


def test_without_git_nothing_is_compared(project: Path) -> None:
    html = written()
    assert 'class="change"' not in html and "committed" not in html


def test_figures_are_set_against_those_committed_last(project: Path) -> None:
    now = read_metrics(layout.METRICS)
    was = json.loads(json.dumps(now))
    was["topic"]["accuracy"] = now["topic"]["accuracy"] - 0.05
    was["segmentation"]["f1"] = now["segmentation"]["f1"] + 0.012
    git("init")
    write_metrics(layout.METRICS, was)
    commit("before")
    write_metrics(layout.METRICS, now)
    html = written()
    assert f"<b>+0.050</b> from {was['topic']['accuracy']:.3f}</dd>" in html
    assert "<b>\u22120.012</b>" in html
    assert html.count('<dd class="change">unchanged</dd>') == 4
    commit("this run")
    assert written() == html
    write_metrics(layout.METRICS, {**now, "note": "the same figures"})
    commit("again")
    assert written() == html


def test_committed_metrics_that_cannot_be_read_are_passed_over(project: Path) -> None:
    now = layout.METRICS.read_bytes()
    git("init")
    for committed in ("{", "[]", '{"topic": {"accuracy": "high"}}'):
        layout.METRICS.write_text(committed)
        commit("broken")
    layout.METRICS.write_bytes(now)
    assert 'class="change"' not in written()


def test_the_surest_mistakes_are_read_with_their_scores(project: Path) -> None:
    html = written()
    wrong = [one for one in read_predictions(layout.PREDICTIONS) if not one.right]
    chapter = html.partition('id="mistakes"')[2].partition('id="cost"')[0]
    cards = {
        title: own.count('<li>\n<p class="no">') + own.count('<li class="page">')
        for title, own in re.findall(r"<h3>(\w+)</h3>(.*?)</ul>", chapter, re.DOTALL)
    }
    each = {
        task: sum(one.task == task for one in wrong)
        for task in ("topic", "countries", "boundaries")
    }
    assert cards == {
        "Topics": min(each["topic"], STORIES),
        "Countries": min(each["countries"], STORIES),
        "Pages": min(each["boundaries"], PAGES),
    }
    assert all(cards.values())
    assert '<bdi>sport</bdi> <span class="score">' not in chapter  # by its name, not its key
    assert "too many" in chapter and 'class="verdict">missed' in chapter
    assert '<span class="score">0.90</span>' in chapter
    assert SCRIPT.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in chapter


def test_no_story_is_quoted_if_none_may_be(project: Path) -> None:
    params = Path("params.yaml").read_text(encoding="utf-8")
    Path("params.yaml").write_text(re.sub(r"examples: \d", "examples: 0", params))
    chapter = written().partition('id="mistakes"')[2].partition('id="cost"')[0]
    assert "X-5" in chapter and "No text is quoted" in chapter
    for words in ("story, number", "Headline", "alert(&#39;headline&#39;)&lt;/script&gt; Donau"):
        assert words not in chapter


def test_a_corpus_without_countries_has_no_regions(
    printed_nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(printed_nowhere)
    html = written()
    assert ids(Report(html)) == [name for name in SECTIONS if name != "regions"]
    assert "Countries, F1" not in html and "<h3>Countries</h3>" not in html
    assert "sub-region" not in html.partition('id="corpus"')[2].partition('id="card"')[0]


def test_a_corpus_of_ones_own_is_not_called_the_projects(project: Path) -> None:
    assert "CC0 1.0" in written()
    params = Path("params.yaml").read_text(encoding="utf-8")
    Path("params.yaml").write_text(params.replace("data/starter.jsonl", "mine <1>.csv"))
    html = written()
    assert "mine &lt;1&gt;.csv" in html and "CC0 1.0" not in html and "flatters" not in html


def test_the_bundle_says_what_it_was_taught_on(project: Path) -> None:
    taught = "The page reader was taught on stories of these sets: a set of stories 1,200."
    gaps = taught.replace("page reader", "boundary model")
    html = written()
    assert taught in html and gaps in html
    params = Path("params.yaml").read_text(encoding="utf-8")
    Path("params.yaml").write_text(params.replace("real_pages: true", "real_pages: false"))
    html = written()
    assert taught in html and gaps not in html
    manifest = json.loads((layout.MODELS / layout.MANIFEST).read_text(encoding="utf-8"))
    (layout.MODELS / layout.MANIFEST).write_text(json.dumps({**manifest, "files": {}}))
    assert taught not in written()


@pytest.mark.parametrize(
    ("path", "command"),
    [
        (layout.METRICS, "dvc repro evaluate"),
        (layout.TOPIC_CURVE, "dvc repro learning_curve@topic"),
        (layout.REGION_CURVE, "dvc repro learning_curve@region"),
        (layout.PREDICTIONS, "make repro"),
        (layout.MODELS / layout.MANIFEST, "make repro"),
        (layout.COSTS / "segment.json", "dvc repro"),
    ],
)
def test_a_stage_that_has_not_run_is_named(
    project: Path, capsys: pytest.CaptureFixture[str], path: Path, command: str
) -> None:
    path.unlink()
    with pytest.raises(SystemExit) as stopped:
        run_stage("report", main)
    (line,) = capsys.readouterr().err.splitlines()
    assert stopped.value.code == 1
    assert line.startswith("report: ") and path.name in line and command in line


def test_predictions_of_another_corpus_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = read_records(layout.ARTICLES, dict)
    write_records(layout.ARTICLES, kept[:3])
    with pytest.raises(SystemExit):
        run_stage("report", main)
    assert "run `dvc repro report`" in capsys.readouterr().err
