// What the outputs of the pipeline are, told by their arrays, and which of them belong together:
// the ions of these voxels, the voxels of these ions.
#ifndef csroDataKinds_h
#define csroDataKinds_h

#include <string>

class vtkSMProxy;
class vtkSMSourceProxy;

// Whether a source or filter is one of this plugin's.
bool csroIsOurs(vtkSMProxy *source);

// One output of a source or filter; none when Source is NULL.
struct csroOutput {
  vtkSMSourceProxy *Source = nullptr;
  unsigned int Port = 0;
};

// Kinds are
//   masses         points with MassToCharge
//   ions           points with Species or MassToCharge
//   voxels         an image with IonCount
//   curves         anything with z-SDM curves, or with how they are made
//   probabilities  an image with probabilities of order (P_...)
//   pixels         an image with scores in its cells
//   domains        points with DomainId
//   surface        domains, or polygons as of Contour
//   copies         domains, or a table with their size histogram
//   truth          the table of the true domains of a specimen
//   reports        a table of domains
//   patterns       a table of z-SDM patterns
// An output that has not been made yet is what its filter makes.
bool csroIsKind(const csroOutput &output, const std::string &kind);

// Whether the output has any points, cells or rows.
bool csroHasData(const csroOutput &output);

// The nearest output of the kind that belongs to `from`: itself, another output of its filter, what
// it was made from, or the latest that was made from it. Ions that are domains are not the ions of
// anything. `not_from` is left out.
csroOutput csroFindKind(const csroOutput &from, const std::string &kind,
                        vtkSMSourceProxy *not_from = nullptr);

#endif
