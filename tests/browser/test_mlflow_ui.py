"""The MLflow UI in Chromium: seven runs told apart, their sections, two of them compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from pipeline import tracking
from pipeline.tracking import Candidate
from tests.browser.pictures import keep_picture
from tests.habits.book import METRICS, recording
from tests.servers import mlflow_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SLOW = 90_000  # milliseconds
REGULARISATION = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
NAMES = (
    "0babd48 d1g35t0",
    *(f"region-{value:g} d1g35t{i}" for i, value in enumerate(REGULARISATION, 1)),
)
SECTIONS = ("cost", "end_to_end", "region", "segmentation", "topic")


@pytest.fixture(scope="module")
def uri(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a run, six experiments on it, and what each tried."""
    folder = tmp_path_factory.mktemp("runs")
    uri = tracking.tracking_uri(folder, {})
    for number, name in enumerate(NAMES):
        value = 1.0 if number == 0 else REGULARISATION[number - 1]
        tags = {"git.commit": "0babd48fe1"}
        made = recording(
            folder / f"in-{number}",
            name,
            None,
            params={"mix.seed": 7, "region.regularisation": value},
            metrics={
                **METRICS,
                "cost/seconds": 100.0 + number,
                "region/country/f1": 0.9 + number / 100,
            },
            tags=tags | ({"dvc.experiment": name.split()[0]} if number else {}),
            candidates=(
                Candidate(
                    "region.min_score=0.5", {"region.min_score": 0.5}, {"validation/f1": 0.8}, True
                ),
            ),
        )
        tracking.write_run(made, folder, uri)
    return uri


@pytest.fixture(scope="module")
def address(uri: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `mlflow ui` listens."""
    log = tmp_path_factory.mktemp("log") / "ui.txt"
    with mlflow_server(["ui", "--backend-store-uri", uri], "/health", log) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1600, "height": 1000})
    opened.set_default_timeout(SLOW)
    yield opened
    opened.close()


def experiment(uri: str) -> tuple[str, dict[str, str]]:
    """The experiment's id, and its runs' ids by name."""
    with tracking.quiet_mlflow() as mlflow:
        client = mlflow.MlflowClient(uri, registry_uri=uri)
        found = client.get_experiment_by_name("news")
        runs = client.search_runs([found.experiment_id])
        return found.experiment_id, {run.info.run_name: run.info.run_id for run in runs}


def test_seven_runs_stand_in_one_experiment_and_two_are_compared(
    page: Page, address: str, uri: str
) -> None:
    number, _ = experiment(uri)
    page.goto(f"{address}/#/experiments/{number}/runs")
    for name in NAMES:
        page.get_by_role("link", name=name).first.wait_for()
    keep_picture(page, "mlflow-runs")
    for name in (NAMES[1], NAMES[6]):
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name=name))
        row.get_by_role("checkbox").first.check()
    page.get_by_role("button", name=re.compile("^Compare")).first.click()
    page.get_by_text("Comparing 2 Runs from 1 Experiment").wait_for()
    for name in (NAMES[1], NAMES[6]):
        page.get_by_text(name).first.wait_for()
    table = page.get_by_role("row").filter(has_text="region.regularisation").first
    assert sorted(re.findall(r"\d+\.\d+", table.inner_text())) == ["0.1", "30.0"]
    keep_picture(page, "mlflow-compare")


def test_a_run_has_its_sections(page: Page, address: str, uri: str) -> None:
    number, runs = experiment(uri)
    page.goto(f"{address}/#/experiments/{number}/runs/{runs[NAMES[2]]}/model-metrics")
    page.get_by_role("heading", name=NAMES[2]).first.wait_for()
    for section in SECTIONS:
        heading = page.get_by_text(re.compile(rf"^{section}(/\w+)*$")).first
        heading.scroll_into_view_if_needed()
        assert heading.is_visible()
    keep_picture(page, "mlflow-metrics")
