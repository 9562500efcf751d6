// What a 3D view looks like at first: the specimen upright from the side, with axes in nm and a
// scale bar; what is found in it is not hidden by its ions.
#ifndef csroSpecimenView_h
#define csroSpecimenView_h

class vtkSMProxy;
class vtkSMSourceProxy;
class vtkSMViewProxy;

// Whether a render view shows or has shown nothing yet.
bool csroIsEmptyView(vtkSMViewProxy *view);

// Whether an output after the first shows nothing: an image of a line or a point, or of one value,
// or a table without columns.
bool csroIsBlank(vtkSMSourceProxy *source, int port);

// Whether the view's Axes Grid is shown, and is that of a specimen.
bool csroShowsAxes(vtkSMProxy *view);

// A scale bar beside our axes; what is written in the view is readable on its background.
void csroFollowView(vtkSMProxy *view);

// Camera and axes of a render view whose first display is of ours.
void csroStartView(vtkSMViewProxy *view);
// The same of a picture of a plane of reciprocal space (csroIsPlane).
void csroStartPlane(vtkSMViewProxy *view, int port);

// Such a plane in the colours of its values.
void csroPaintPlane(vtkSMProxy *display);

// Isosurfaces have one colour.
void csroPaintSurface(vtkSMProxy *display);

// A new result takes the place of that of another filter, and of the ions that would hide it; a new
// display takes the place of older outlines.
void csroUncover(vtkSMProxy *display, vtkSMViewProxy *view);

// What is much larger than what it was made from is seen whole.
void csroFitView(vtkSMProxy *display, vtkSMViewProxy *view);

// Ions that a filter of ParaView's cuts, as Clip does: ParaView hides what it cuts where that is a
// surface alone.
void csroHideCut(vtkSMSourceProxy *filter, vtkSMViewProxy *view);

#endif
