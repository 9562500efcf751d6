// A bar in 3D views that says how long so many nm are.
#ifndef csroScaleBar_h
#define csroScaleBar_h

class vtkSMProxy;

// Adds the bar to a render view that has none. It is shown while our axes are (csroShowsAxes).
void csroAddScaleBar(vtkSMProxy *view);

#endif
