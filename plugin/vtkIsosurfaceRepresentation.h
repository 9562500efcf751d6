/**
 * @class vtkIsosurfaceRepresentation
 * @brief surfaces around voxels whose probability of order is above one half
 *
 * As ParaView's surface, of an image's active point scalars. Voxels without a probability (NaN),
 * which ParaView's contours and volumes cannot have, are outside.
 */
#ifndef vtkIsosurfaceRepresentation_h
#define vtkIsosurfaceRepresentation_h

#include <vtkGeometryRepresentationWithFaces.h>

class vtkIsosurfaceRepresentation : public vtkGeometryRepresentationWithFaces {
public:
  static vtkIsosurfaceRepresentation *New();
  vtkTypeMacro(vtkIsosurfaceRepresentation, vtkGeometryRepresentationWithFaces);

protected:
  vtkIsosurfaceRepresentation();
  ~vtkIsosurfaceRepresentation() override = default;
};

#endif
