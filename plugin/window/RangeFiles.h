// Range files of the ions that the window opens.
#ifndef csroRangeFiles_h
#define csroRangeFiles_h

#include <QString>

class pqFileChooserWidget;

constexpr char csroRangeFiles[] = "Range files (*.rrng *.rng *.env *.RRNG *.RNG *.ENV)";

// The range file of the same name, else the only one in the folder; empty without one.
QString csroRangesBeside(const QString &ions);

// A line with a button that opens the dialog for one file of the active server.
pqFileChooserWidget *csroFileChooser(const QString &title, const QString &endings);

#endif
