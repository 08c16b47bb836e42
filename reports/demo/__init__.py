"""Demo data: a district and a smaller city with a township under it; everybody is invented."""
