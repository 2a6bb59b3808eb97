import collections
import collections as cl


def clean(rows, marks):
    for row in rows:
        if row.old:
            # ruleid: changed-while-iterated
            rows.remove(row)
    for name in marks:
        # ruleid: changed-while-iterated
        del marks[name]
    for name, value in marks.items():
        if not value:
            # ruleid: changed-while-iterated
            marks.pop(name)
    return rows, collections


async def drop(jobs):
    for job in jobs:
        await job.stop()
        # ruleid: changed-while-iterated
        jobs.discard(job)


def clean_rightly(rows, marks):
    for row in list(rows):
        # ok: changed-while-iterated
        rows.remove(row)
    for name in list(marks):
        # ok: changed-while-iterated
        del marks[name]
    return [row for row in rows if not row.old]


def drop_first(rows):
    for row in rows:
        if row.old:
            # ok: changed-while-iterated
            rows.remove(row)
            break
    return rows, cl


async def move(rows, other):
    for row in rows:
        # ok: changed-while-iterated
        other.remove(row)
