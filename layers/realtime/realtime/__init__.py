"""What both functions share on the way from API Gateway to OpenAI's Realtime API."""
