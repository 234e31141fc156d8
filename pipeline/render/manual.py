"""What ``-h`` shows below the options: how a command is used, by example."""

from __future__ import annotations

CLASSIFY_EXAMPLES = """Examples:

\b
  classify page.txt                      a table on the terminal
  classify pages/ --format json          every .txt and .md below pages/
  curl -s URL | html2text | classify     text from a pipe; JSON Lines if the output is one too
  classify story.txt --no-split          the whole text is one story
  classify page.txt --min-boundary 0.9   fewer stories, cut only where that is all but sure
  classify pages/ -o stories.csv         the format follows the file's ending
  classify page.txt -o page.html         the text in colours, for a browser
  classify crawl.jsonl.gz -o out.jsonl --resume
                                         a text a line; broken off, it goes on where it was

Exit codes: 0; 1 if an input failed (the others are still done); 2 for a wrong call; 130 after
Ctrl-C."""
BATCH_EXAMPLES = """Examples:

\b
  broadsheet batch crawl.jsonl.gz stories.jsonl
  broadsheet batch crawl/ stories.parquet --resume      go on with what was broken off
  broadsheet batch crawl/ stories.parquet --engine ray --workers 8

Ray uses the cluster that RAY_ADDRESS names, or starts workers on this machine; docs/scale.md has
more. Exit codes: 0; 1 if a row failed (the others are still done); 2 for a wrong call; 130 after
Ctrl-C."""
SEGMENT_EXAMPLES = """Examples:

\b
  broadsheet segment page.txt
  broadsheet segment page.txt --min-boundary 0.2      more stories, if less surely so
  broadsheet segment lecture.txt --level section      where one text turns to another subject
  broadsheet segment pages/ --format jsonl | head"""
INGEST_EXAMPLES = """Examples:

\b
  broadsheet ingest my_stories.csv                    only check
  broadsheet ingest a.jsonl b.csv -o articles.jsonl   keep what is accepted

To train on it, name the file under ingest.sources in params.yaml and run `make repro`. Exit codes:
0 (duplicates are dropped, not faults); 1 if a row was rejected; 2 for a wrong call."""
PACK_EXAMPLES = """Examples:

\b
  broadsheet pack my_stories.jsonl -o data/packs/mine.safetensors

`make repro` then trains on the pack beside the corpus, wherever the pack goes and the stories must
not. It fits the encoder in params.yaml alone. Exit codes: 0; 1 if a row was rejected; 2 for a
wrong call."""
RUNS_EXAMPLES = """Examples:

\b
  broadsheet runs                  the last ten
  broadsheet runs -n 50 -f csv     for a spreadsheet

Figures are of the held-out corpus. Runs are read from mlflow.db, or from MLFLOW_TRACKING_URI.
Exit codes: 0; 1 if there is no run yet; 2 for a wrong call."""
COMPARE_EXAMPLES = """Examples:

\b
  broadsheet compare latest~1 latest
  broadsheet compare 51de brave-oak --rows 40

A metric is "outside" where one value lies outside the other run's 95% bootstrap interval. Exit
codes: 0, whatever differs; 1 if there is no run yet; 2 for a run that is not there."""
DOCTOR_EXAMPLES = """Examples:

\b
  broadsheet doctor
  broadsheet doctor --models /srv/broadsheet/models

Exit codes: 0 if all is well; 1 if something needs doing; 2 for a wrong call."""
PROMOTE_EXAMPLES = """Examples:

\b
  broadsheet promote                       would the newest version be the champion?
  broadsheet promote --apply               let it be, if it is better
  broadsheet promote 7 --on stories.jsonl  decide on labelled stories of your own
  broadsheet promote 5 --by-hand --apply   back to version 5, whatever the figures

Exit codes: 0 if the version is, or would be, the champion; 1 if another stays it, or something is
missing; 2 for a wrong call."""
