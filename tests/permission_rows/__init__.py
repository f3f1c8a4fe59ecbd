"""Who may do what, by part of the portal; `tests.permission_matrix` puts the rows together."""
