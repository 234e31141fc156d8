"""What stands around stories on real pages: credits, bylines, datelines, sub-heads, residue.

Templates are modelled on the habits of many houses; the names that fill them are invented or
come from the corpus. Nothing here was copied from a page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

Rng = np.random.Generator

AGENCIES = (
    "AP", "AFP", "Reuters", "EPA", "EPA-EFE", "Getty Images", "Xinhua", "PA", "dpa", "Bloomberg",
    "Kyodo", "CNA", "Shutterstock", "ANSA", "TASS", "Yonhap", "PTI", "AAP", "SIPA", "Alamy",
    "NASA", "iStock", "Rex Features", "Corbis",
)  # fmt: skip
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December", "Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Oct", "Nov",
    "Dec",
)  # fmt: skip
CREDITS = (
    "Photo: {a}", "Photo: {a}", "Photograph: {a}", "Photograph: {n}/{a}", "Photo: {n}, {a}",
    "Photo by {n}", "Photo by {n}/{a}", "Credit: {a}", "Credit: {n}", "Credit: {n}/{a}",
    "Picture: {a}", "Picture: {n}", "Image: {a}", "Image credit: {n}", "{a} Photo", "{a} photo",
    "AP Photo/{n}", "{n} / {a}", "{n}/{a}", "{a} / {b}", "{a}/{b}", "File photo", "File photo: {a}",
    "File picture", "(Photo: {a})", "(Photo by {n}/{a})", "[Photo: {n}]", "Photos: {n}",
    "Photo courtesy of {n}", "Courtesy photo", "Handout photo", "Handout", "Video: {a}",
    "Illustration: {n}", "Graphic: {n}", "Image source: {a}", "Image copyright {a}", "{a}",
    "Photo | {n}", "PHOTO: {A}", "PHOTO: {n}", "IMAGE: {A}", "Source: {a}", "© {a}", "- {a}",
    "Screen grab: {a}", "Screengrab from video", "Photo: Reuters", "Photo: AFP", "Pic: {n}",
)  # fmt: skip
BYLINES = (
    "By {n}", "By {n}", "By {n}", "By {n} and {m}", "By {n} in {p}", "By {n}, {p}", "{n} in {p}",
    "{n}", "{n} and {m}", "{n} and agencies", "BY {N}", "by {n}", "By {n} / Staff reporter",
    "By {n} / Staff writer", "By {n} / Contributing reporter", "Staff reporter", "By {n}, {d}",
    "Staff and agencies", "{a}", "{a}, {P}", "Agence France-Presse, {P}", "By {n}, Correspondent",
    "By Our Correspondent", "Our Correspondent in {p}", "From our correspondent", "By {n}, {a}",
    "{n}, business correspondent", "{n}, political editor", "{n} Health editor", "By Staff Writer",
    "{n} | {a}", "{n} - {d}", "By {n} for {a}", "Written by {n}", "Reported by {n}", "From {n}",
    "Text: {n}", "Words by {n}", "{n}, {p}", "{n} reports from {p}", "{a} staff",
)  # fmt: skip
TAIL_BYLINES = (
    "Additional reporting by {n}", "Additional reporting by {a}", "Additional reporting by staff",
    "(Reporting by {n}; Editing by {m})", "Reporting by {n}; writing by {m}; editing by {n}",
    "With additional reporting from {a}", "{n} contributed to this report.", "— {a}", "-- {a}",
    "- {a}", "({a})", "{n} reported from {p}.", "The writer can be reached at news@example.org",
    "With reporting by {n} in {p}", "- {n}", "({n})",
)  # fmt: skip
DATELINES = (
    "{P} —", "{P} –", "{P} -", "{P} ({a}) -", "{P} ({a}) —", "{P}, {d} ({a}) -", "{P}, {d} —",
    "{P}:", "({a}) -", "{P}, {d} -", "{p} ({a}) –", "{d} ({a}) -", "{P} (Reuters) -", "{P}.",
)  # fmt: skip
NAVIGATION = (
    "Home News Sport Business Opinion", "News  Sport  Weather  Shop  Travel", "Home > News > World",
    "Home | World | Asia | Europe | Americas", "Skip to main content", "Menu", "Search", "Log in",
    "Sign in | Register", "Front Page", "Taiwan News", "World", "Business", "Sports", "Features",
    "Editorials", "Home / Local news", "Today's paper", "Top stories", "Latest", "Live TV",
    "Sections", "You are here: Home » News", "Jump to navigation", "Accessibility links",
    "UK | World | Politics | Tech | Science", "News Opinion Sport Culture Lifestyle", "E-paper",
    "Weather  Traffic  Obituaries  Classifieds", "Toggle navigation", "Close", "Back to top",
    "Print edition", "Breaking news", "Edition: International", "Home Page", "Archive", "Radio",
)  # fmt: skip
AFTER = (
    "Most Popular", "Most Read", "Most viewed", "Most read in this section", "Trending", "More news",
    "You might also like", "You may also like", "Related stories", "Related articles", "Related Topics",
    "More on this story", "Read more", "Read next", "Recommended for you", "More from this section",
    "Share this article", "Share this story", "Share on Facebook", "Tweet", "Email  Print  Share",
    "Share  Save  Comment", "Follow us on social media", "Comments", "Leave a comment", "12 comments",
    "Comments are closed.", "View all comments", "Join the conversation", "Post a comment",
    "Sign up for our daily newsletter", "Sign up to our morning briefing and never miss a story",
    "Subscribe now", "Subscribe to read the full story", "Already a subscriber? Log in",
    "Support our journalism with a small contribution.", "Get unlimited access from $1 a week",
    "Enter your email address", "Advertisement", "ADVERTISEMENT", "Advertisement - story continues below",
    "Sponsored content", "Promoted stories", "Around the web", "From our partners", "Editor's picks",
    "Editors' picks", "What to read next", "In pictures", "Watch live", "Watch: the week in video",
    "Listen to this article", "Download our app", "Reprints and permissions", "Contact us",
    "About us  Contact  Advertise  Careers", "Terms of use | Privacy policy | Cookie policy",
    "Privacy Policy", "Terms and conditions", "Report an error", "Got a story? Email our newsdesk.",
    "Latest headlines", "Today's top headlines", "In other news", "Also in the news", "News in brief",
    "World briefs", "Top of page", "Next article", "Previous article", "Next story", "Load more",
    "Show more", "Tags: politics, economy, {p}", "Topics", "Filed under: World", "Tagged with: {p}",
    "Published {d}", "Last updated: {d}", "Updated {h}", "{d}, {h}", "3 min read", "5 minute read",
)  # fmt: skip
RULES = (
    "© {y} {c}. All rights reserved.", "Copyright {y} {c}", "Copyright © {y} {c}. All Rights Reserved.",
    "Our editors read every comment before it goes up. Stay with the subject, be polite, and leave "
    "out insults, slurs and adverts: whoever does not will lose the right to write here.",
    "We use cookies to give you the best experience on our site. By continuing you accept our use of "
    "cookies. Find out more in our cookie policy.",
    "This website uses cookies to improve your experience and to show you relevant advertising.",
    "Readers are reminded to keep their comments civil; posts that break our house rules will be removed.",
    "You must be logged in to post a comment.", "Your email address will not be published.",
    "No part of this page may be copied or passed on unless the publisher has agreed in writing.",
    "{c} is not responsible for the content of external sites.", "All times local unless stated.",
    "Subscribe to {c} for full digital access, the weekend edition and our archive.",
    "Sign up here for the day's top stories delivered straight to your inbox every morning.",
    "Thank you for reading. You have reached your limit of free articles this month.",
    "Help us improve our website by sending us your feedback.", "Quotes delayed at least 15 minutes.",
    "The views expressed are the author's own.", "A version of this article appears in print on {d}.",
)  # fmt: skip
HOUSES = (
    "The Harbor Ledger", "Northern Courier", "Daily Meridian", "The Evening Packet", "Valley Post",
    "Meridian Media Group", "Courier Publishing Ltd", "The Standard-Tribune", "Lantern News Network",
)  # fmt: skip


def choose(rng: Rng, options: Sequence[str]) -> str:
    """Draw one."""
    return options[int(rng.integers(len(options)))]


def fill(rng: Rng, template: str, names: Sequence[str], place: str) -> str:
    """Fill a template: {n} {m} names, {a} {b} agencies, {p} place, {d} date, {h} hour, {c} house."""
    agency, other = choose(rng, AGENCIES), choose(rng, AGENCIES)
    name, second = choose(rng, names), choose(rng, names)
    day, month = int(rng.integers(1, 29)), choose(rng, MONTHS)
    date = f"{month} {day}" if rng.random() < 0.6 else f"{day} {month}"
    values = {
        "a": agency, "A": agency.upper(), "b": other, "n": name, "N": name.upper(), "m": second,
        "p": place, "P": place.upper(), "d": date, "c": choose(rng, HOUSES),
        "h": f"{int(rng.integers(1, 24)):02d}:{int(rng.integers(60)):02d}",
        "y": str(int(rng.integers(1998, 2027))),
    }  # fmt: skip
    return re.sub(r"\{(\w)\}", lambda match: values[match[1]], template)


def residue_lines(rng: Rng, names: Sequence[str], place: str, where: str) -> list[str]:
    """Draw the lines of one residue block: ``before``, ``between`` or ``after`` the stories."""
    pools = {
        "before": (NAVIGATION, NAVIGATION, AFTER),
        "between": (AFTER,),
        "after": (AFTER, RULES),
    }
    count = 1 + int(rng.geometric(0.55)) if where != "between" else int(rng.geometric(0.75))
    pool = pools[where]
    lines = [fill(rng, choose(rng, pool[int(rng.integers(len(pool)))]), names, place)
             for _ in range(min(count, 6))]  # fmt: skip
    return list(dict.fromkeys(lines))
