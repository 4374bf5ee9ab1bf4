"""The rule language: attributes in the operator's words, one tree, four readings of it.

parse      JSON -> tree, or problems with pointers
compile    tree -> one SQL boolean over the state tables
evaluate   tree -> the same answer in memory, with the reason per condition
sentence   tree -> plain English
"""
