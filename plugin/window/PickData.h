// What is known of selected domains and voxels, computed in the window's own process.
#ifndef csroPickData_h
#define csroPickData_h

#include "PickWidget.h"

#include <vtkSmartPointer.h>
#include <vtkType.h>

#include <set>
#include <vector>

class vtkDataObject;
class vtkDataSet;
class vtkPointSet;
class vtkSMSourceProxy;
class vtkTable;

using csroDomainSet = std::set<vtkIdType>;

// The output of a source of this process; NULL on a server.
vtkDataObject *csroOutputOf(vtkSMSourceProxy *source, unsigned int port);

// Numbers of the domains in selected ions (DomainId) or rows (Domain); without noise.
csroDomainSet csroDomainsIn(vtkDataObject *selected);

// Rows of the table of domains as Html, the first ones of many.
QString csroDomainText(vtkTable *table, const csroDomainSet &domains);

// Mean z-SDM of the ions of these domains, a curve for each element with itself.
std::vector<csroCurve> csroDomainCurves(vtkPointSet *ions, const csroDomainSet &domains);

// Voxels of the grid of Classify CSRO that hold the points of a data set, at most `most`.
std::vector<vtkIdType> csroVoxelsAt(vtkDataSet *voxels, vtkDataSet *selected, size_t most);

// What the networks of Classify CSRO make of voxels of its output: curves as they were counted,
// and as the networks see them with the class activation. False when that fails.
struct csroExplained {
  QString Text;
  std::vector<csroCurve> Counted, Seen;
};
bool csroExplain(vtkSMSourceProxy *classify, const std::vector<vtkIdType> &voxels,
                 csroExplained *explained);

#endif
