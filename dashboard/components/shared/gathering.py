"""What a query needs beside the answers on show, gathered while the page goes on."""

from dataclasses import replace

from dashboard.components.shared.long_work import long_work
from dashboard.loading.long_work import answers_job, suspects_job
from dashboard.loading.subject import Gathered, runs_counted, runs_named
from dashboard.visit.view import View
from mnist_core.queries import Query


def gathered_for(view: View, *queries: Query) -> Gathered | None:
    """What takes long to find out: what other runs answered, which labels they doubt.

    Args:
        view: What the page shows.
        queries: What will be asked of its images.

    Returns:
        `None` while that is being gathered, which shows itself.
    """
    references = [reference for query in queries for reference in query.references]
    columns, gathered = {reference.column for reference in references}, Gathered()
    named = list({str(one): one for query in queries for one in runs_named(view, query)}.values())
    counted = runs_counted(view) if columns & {"n_wrong", "n_runs"} else []
    of_others = {reference.column for reference in references if reference.run}
    for runs, exact in ((counted, False), (named, bool(of_others - {"predicted", "wrong"}))):
        if runs:
            answered = long_work(*answers_job(runs, view.split, exact=exact), is_kept=False)
            if answered is None:
                return None
            gathered = replace(
                gathered,
                answers={**gathered.answers, **answered.answers},
                against={**gathered.against, **answered.against},
            )
    if "suspect" in columns and (job := suspects_job(view)) is not None:
        suspects = long_work(*job)
        if suspects is None:
            return None
        gathered = replace(gathered, suspects=suspects)
    return gathered
