"""The attack: seeded hostile servers, files, cancellations, forks and login storms against every public operation.

`python -m tests.attack --seed N --count N` runs trials N, N+1, ...; each trial is decided by its number alone, so that
a failure's number repeats it. `good` says what well-behaved services answer, `hostile` what is done to that, `server`
sends it from a process of its own, `operations` lists what is called, `trial` calls it, `checks` judges the outcome.
"""
