"""Legal documents as HTML, PDF, DOCX and plain text → their text."""
