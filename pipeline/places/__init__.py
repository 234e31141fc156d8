"""Where a story takes place: toponyms, candidate countries, focus countries, regions."""
