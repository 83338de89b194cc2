"""What runs on a developer's machine in place of AWS and of the Realtime API."""
