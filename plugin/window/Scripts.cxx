#include "Scripts.h"

#include <pqPVApplicationCore.h>
#include <pqPythonManager.h>

#include <QDir>
#include <QFileInfo>

#include <dlfcn.h>

namespace {
QString ScriptFolder() {
  Dl_info info;
  if (!dladdr(reinterpret_cast<const void *>(&ScriptFolder), &info))
    return {};
  const QDir plugin = QFileInfo(info.dli_fname).absoluteDir();
  const char *const places[] = {"../../../../../../sample_states",
                                "../../../../share/apt-csro/sample_states",
                                "../../../../../share/apt-csro/sample_states"};
  for (const char *place : places)
    if (QFileInfo::exists(plugin.filePath(place) + "/csro_pipeline.py"))
      return QDir::cleanPath(plugin.filePath(place));
  return {};
}
} // namespace

QByteArray csroPython(const QString &text) {
  return text.isEmpty() ? QByteArray("None")
                        : "bytes.fromhex('" + text.toUtf8().toHex() + "').decode()";
}

bool csroRunScript(const QByteArray &module, const QByteArray &call) {
  const QString folder = ScriptFolder();
  if (folder.isEmpty())
    return false;
  pqPVApplicationCore::instance()->pythonManager()->executeCode(
      "import sys\nsys.path.insert(0, " + csroPython(folder) + ")\nimport " + module + "\n" +
      module + "." + call + "\n");
  return true;
}

QString csroNoScripts() {
  return "csro_pipeline.py is neither in the build nor in the install tree beside the plugin.";
}
