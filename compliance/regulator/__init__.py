"""regulator: the ten questions regulators ask (regulation §5), and where each is answered.

`asked` names them and their answers: a page, or a table that can be taken along. `tables` are the tables that no other
page makes, counted from the records when they are asked for. Nothing is kept here.
"""
