"""The case desk: players a person has to look at.

`opening` opens a case when medium or strong signs of harm appear, `signals` when a law wants an answer within hours; `working` is what an officer does with it (takes it, logs
what was seen, done and said, sets dates, answers an objection, closes); `reviewing` lowers a level, by two people;
`evaluating` compares the days before with the days after; `queue` says what is waiting and until when.
"""
