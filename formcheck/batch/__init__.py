"""Many recordings at once: worker processes, one row for each that fails, and results that a later run completes.

Read ``run`` first: PATHS become sources (``sources``) and sources jobs (``plan``); each job is done in a process of its
own (``workers``, or ``cluster``) by one function (``video``), which notes in the ``journal`` what it did; ``results``
brings the journal into the tables. ``docs/batch.md`` says what a user may rely on.
"""
