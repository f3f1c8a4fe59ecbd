"""What a person has a right to: all of their own data in one document, made from the sources of PRIVACY_SOURCES."""
