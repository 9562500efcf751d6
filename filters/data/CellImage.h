// A map of cells as VTK image data: its points are the middles of the cells.
#ifndef csroCellImage_h
#define csroCellImage_h

#include "csro/maps.h"

class vtkImageData;
class vtkInformation;

namespace csro {
// A map without cells is an empty image.
void AnnounceCells(const csro_map &map, vtkInformation *output);
void ShapeCells(const csro_map &map, vtkImageData *image);
} // namespace csro

#endif
