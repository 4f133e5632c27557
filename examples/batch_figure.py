"""From a batch's Parquet to a figure: python examples/batch_figure.py BATCH_FOLDER FIGURE.png (needs duckdb)."""

import sys

import duckdb
import matplotlib.pyplot as plt

folder, figure = sys.argv[1:]
findings = duckdb.read_parquet(f"{folder}/results/findings/*.parquet")
pivot = "PIVOT findings ON verdict IN ('pass', 'unsure', 'warn', 'fail', 'unseen') GROUP BY fault ORDER BY fault"
table = duckdb.sql(pivot).fetchnumpy()
faults, end = table.pop("fault"), 0
for (verdict, count), colour in zip(table.items(), ("seagreen", "grey", "gold", "firebrick", "silver"), strict=True):
    plt.barh(faults, count, left=end, color=colour, label=verdict)
    end = end + count
plt.legend(title="findings: one a repetition, check and side", loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=5)
plt.savefig(figure, bbox_inches="tight")
