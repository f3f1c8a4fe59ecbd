"""How a jobseeker wants to be written to: noted by those who serve the person, or asked of the person by a link."""
