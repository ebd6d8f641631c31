"""The machine behind Excel books: gate, reader, headers, cells, importing, template, error workbook."""
