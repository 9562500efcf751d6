// Units in the labels of the Properties panel. (In XML a label is the name of the property in
// Python, too.)
#ifndef csroPanelLabels_h
#define csroPanelLabels_h

class pqPropertiesPanel;

// Adds units to the labels of our filters that the panel has.
void csroLabelPanel(pqPropertiesPanel *panel);

#endif
