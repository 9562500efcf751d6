// Where new views go, so that the 3D view keeps more than half of its layout and no view gets
// small.
#ifndef csroViewPlaces_h
#define csroViewPlaces_h

class vtkSMSourceProxy;
class vtkSMViewProxy;

// The view that an output is shown in: for 3D the active one, else the first 3D view; for charts
// and tables the one that shows the same output of another filter of its name. NULL: a new one of
// this type.
vtkSMViewProxy *csroFindView(vtkSMSourceProxy *source, int port, const char *type,
                             vtkSMViewProxy *active);

// Puts a new view into a layout. The first two charts go to the right of the 3D view, further ones
// to a tab Charts, tables to a tab Tables: four in each, then there is another.
void csroPlaceView(vtkSMViewProxy *view, bool is_plane);

// Whether an output is a plane of reciprocal space: each has a view of its own.
bool csroIsPlane(vtkSMSourceProxy *source, int port);

#endif
