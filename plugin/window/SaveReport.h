// CSRO > Report: what is in the pipeline browser as a page for the supplement of a paper.
#ifndef csroSaveReport_h
#define csroSaveReport_h

class QMainWindow;

// Asks for a file and has csro_report.py write it, and the same as JSON beside it.
void csroSaveReport(QMainWindow *window);

#endif
