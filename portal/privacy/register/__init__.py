"""The register of personal fields: made from the tables in the code, for staff whole, for the public in short."""
