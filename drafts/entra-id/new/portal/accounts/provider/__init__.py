"""Sign-in by the municipality's own provider: for people whom we know already, and for nobody else."""
