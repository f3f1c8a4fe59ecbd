"""Planted people: what is known of them is looked for in everything that the portal shows, sends, logs and keeps."""
