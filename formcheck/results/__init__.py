"""What is written for programs: report.json, tables, schemas, manifests."""
