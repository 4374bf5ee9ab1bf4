"""Events that come as files: a folder per feed, read line by line, each line once.

    <DROPS_DIR>/<slug of the brand>/<name of the feed>/        finished files are put here
        working/   being read          done/   read to the end          refused/   not taken at all
        errors/    <file>.errors.csv: every line that was not taken, with its reason

`.ndjson` (`.jsonl`): one event of our own format per line, as in POST /api/v1/events. `.csv`: a first line with
the names of the columns, event, event_id, player, occurred_at and, where needed, replay, brand, version, sequence;
every other column is a property of that name (an empty cell: the event does not have it; lists and objects as
JSON). UTF-8, one event per line, no line breaks inside cells, nothing packed.

Write a file under a name that begins with a dot or ends with .part and rename it when it is complete; a file
that changed within the last seconds is left alone as well.

    files      the folder: opened step by step without following a link, only plain files with plain names
    lines      bytes from any place on to lines; one of a gigabyte costs no more memory than one of a page
    columns    a line of columns to an event
    work       the next thousand through the inbox, committed together with how far that is
"""
