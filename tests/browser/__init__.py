"""Every page of ours, opened in Chromium."""
