"""Sign-in by the municipality's own provider (Entra ID): for staff whom the portal knows already, and nobody else."""
