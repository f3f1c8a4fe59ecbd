"""What makes every test stricter than production: templates, order of rows, requests that only read."""
