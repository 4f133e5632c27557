"""What is shown in a browser: report, comparison, batch index."""
