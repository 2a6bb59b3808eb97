import pandas
import pandas as pd
from pandas import concat


def table(frame, df, row, path):
    # ruleid: removed-pandas-call
    frame = frame.append(row, ignore_index=True)
    # ruleid: removed-pandas-call
    pd.read_csv(path, error_bad_lines=False)
    # ruleid: removed-pandas-call
    pandas.Int64Index([1, 2])
    # ruleid: removed-pandas-call
    for name, column in df.iteritems():
        print(name, column)
    # ok: removed-pandas-call
    for name, column in df.items():
        print(name, column)
    # ok: removed-pandas-call
    pd.read_csv(path, on_bad_lines="skip")
    rows = []
    # ok: removed-pandas-call
    rows.append(row)
    # ok: removed-pandas-call
    return concat([frame, pd.DataFrame(rows)], ignore_index=True)


async def collect(stream, total):
    async for row in stream:
        # ruleid: removed-pandas-call
        total = total.append(
            row,
            ignore_index=True,
        )
    return total
