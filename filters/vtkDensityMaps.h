/**
 * @class vtkDensityMaps
 * @brief density and composition on a grid, delocalised
 *
 * The output is an image whose points are the centres of the cells, on rank 0. Across an axis it is
 * a plane.
 */
#ifndef vtkDensityMaps_h
#define vtkDensityMaps_h

#include "vtkAPTAlgorithm.h"

#include <memory>
#include <string>

class vtkImageData;

class APTCSROFILTERS_EXPORT vtkDensityMaps : public vtkAPTAlgorithm {
public:
  static vtkDensityMaps *New();
  vtkTypeMacro(vtkDensityMaps, vtkAPTAlgorithm);
  void PrintSelf(ostream &os, vtkIndent indent) override;

  ///@{
  /// 0: three-dimensional; 1, 2, 3: all ions along x, y, z in one cell; 4: hits on the detector.
  vtkSetMacro(Projection, int);
  vtkGetMacro(Projection, int);
  ///@}

  ///@{
  /// Side of a cell, nm; on the detector mm.
  vtkSetMacro(Spacing, double);
  vtkGetMacro(Spacing, double);
  ///@}

  ///@{
  /// Standard deviation of the normal distribution that an ion is spread over, nm; 0: none.
  vtkSetMacro(Delocalisation, double);
  vtkGetMacro(Delocalisation, double);
  ///@}

protected:
  vtkDensityMaps();
  ~vtkDensityMaps() override;
  void DescribeInput(int port, vtkInformation *info) override;
  int FillOutputPortInformation(int port, vtkInformation *info) override;
  void RequestInformation(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestUpdateExtent(vtkInformationVector **inputs, vtkInformationVector *outputs) override;
  void RequestData(csro::Call &call, vtkInformationVector **inputs,
                   vtkInformationVector *outputs) override;

private:
  struct Grid;
  void FindGrid(csro::Call &call, vtkInformationVector **inputs);
  void SayHits(const std::string &columns, vtkImageData *output);

  std::unique_ptr<Grid> Found;
  int Projection = 0;
  double Spacing = 1;
  double Delocalisation = 1;
};

#endif
