"""What leaves the tracker as a file. The only door to ReportLab."""
