// What ParaView shows of our outputs on Apply, where hints in XML cannot say it: species and
// domains as categories, the columns of charts.
#ifndef csroDisplayDefaults_h
#define csroDisplayDefaults_h

// Follows the sessions of this process and sets up each display of one of our outputs once, when it
// is made. Displays that a state file brings stay as they are.
void csroSetDisplayDefaults();

// The colours of domains come in turn and mean nothing: Apply hides their colour bars.
void csroHideColorsOfDomains();

#endif
