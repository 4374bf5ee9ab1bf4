"""The rule language: attributes in the operator's words, one tree, four readings of it.

parse       JSON -> tree, or problems with pointers
compile     tree -> one SQL boolean over the state tables
evaluate    tree -> the same answer in memory, with the reason per condition
sentence    tree -> plain English

What rules can ask is the catalogue: `catalogue*.py`, one file per part of it, each attribute with its definition exactly
as it is computed, an example with numbers, and what else people call it. Upper apps add theirs
(`<app>/segment_fields.py`).

kinds       numbers (counts, averages, shares, money), instants (days since), ages, recent (how many within days),
            choices and belonging (words), flags (yes or no), shares
sources     quantities (state rows), windows (sums of 7 to 365 gaming days from the daily rollup), record (one player)

Two readings of "days" are offered wherever there are two: 24 hours to the second, or gaming days of the brand. What is
unknown matches nothing: too few cases, never happened, no row.
"""
