// Columns of tables in the order that our filters give them: ParaView's spreadsheet has them by
// name.
#ifndef csroSheetColumns_h
#define csroSheetColumns_h

class pqView;

// Follows a view; nothing but spreadsheets.
void csroOrderColumns(pqView *view);

#endif
