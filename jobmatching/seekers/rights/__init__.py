"""Rights of a jobseeker over the own data: requests, restriction of processing, and all data in one document."""
