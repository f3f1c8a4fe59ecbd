"""What a password has to be (NIST SP 800-63B): long, not known to guessers; no composition rules, no expiry."""
