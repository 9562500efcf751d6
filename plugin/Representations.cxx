#include "Representations.h"

#include "vtkIsosurfaceRepresentation.h"
#include "vtkMarkedChartRepresentation.h"
#include "vtkSizeChartRepresentation.h"

#include <vtkClientServerInterpreter.h>
#include <vtkClientServerInterpreterInitializer.h>

namespace {
template <typename Class> vtkObjectBase *Make(void *) {
  return Class::New();
}

// They have the methods of ParaView's own.
int CallChart(vtkClientServerInterpreter *interpreter, vtkObjectBase *object, const char *method,
              const vtkClientServerStream &message, vtkClientServerStream &result, void *) {
  return interpreter->CallCommandFunction("vtkXYChartRepresentation", object, method, message,
                                          result);
}

int CallSurface(vtkClientServerInterpreter *interpreter, vtkObjectBase *object, const char *method,
                const vtkClientServerStream &message, vtkClientServerStream &result, void *) {
  return interpreter->CallCommandFunction("vtkGeometryRepresentationWithFaces", object, method,
                                          message, result);
}

void Teach(vtkClientServerInterpreter *interpreter) {
  interpreter->AddNewInstanceFunction("vtkSizeChartRepresentation",
                                      Make<vtkSizeChartRepresentation>);
  interpreter->AddCommandFunction("vtkSizeChartRepresentation", CallChart);
  interpreter->AddNewInstanceFunction("vtkMarkedChartRepresentation",
                                      Make<vtkMarkedChartRepresentation>);
  interpreter->AddCommandFunction("vtkMarkedChartRepresentation", CallChart);
  interpreter->AddNewInstanceFunction("vtkIsosurfaceRepresentation",
                                      Make<vtkIsosurfaceRepresentation>);
  interpreter->AddCommandFunction("vtkIsosurfaceRepresentation", CallSurface);
}
} // namespace

void csroRegisterRepresentations() {
  vtkClientServerInterpreterInitializer::GetInitializer()->RegisterCallback(Teach);
}
