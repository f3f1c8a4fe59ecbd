"""Django's administration pages as the portal has them: behind a role and a second factor, our own registers alone."""
