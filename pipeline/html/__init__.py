"""What every HTML file of the project has in common: its look, its escaping, its policy."""
