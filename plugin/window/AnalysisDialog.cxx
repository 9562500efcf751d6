#include "AnalysisDialog.h"

#include "DataKinds.h"
#include "RangeFiles.h"
#include "Scripts.h"

#include <pqActiveObjects.h>
#include <pqFileChooserWidget.h>
#include <pqPipelineSource.h>
#include <pqServer.h>

#include <vtkSMPropertyHelper.h>
#include <vtkSMProxy.h>

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace {
constexpr int DefaultCopies = 19, MostCopies = 10000; // as csro_pipeline.py has them
const char *const IonEndings =
    "*.pos *.epos *.ato *.apt *.nxs *.h5 *.csv *.txt *.tsv *.POS *.EPOS *.ATO *.APT";
} // namespace

csroAnalysisDialog::csroAnalysisDialog(QWidget *parent)
    : QDialog(parent), IsSpecimen(new QRadioButton("&Built-in specimen, with known order")),
      IsFile(new QRadioButton("&Ions of a file:")),
      Ions(csroFileChooser("Ion file", QString("Atom probe ions (%1)").arg(IonEndings))),
      Ranges(csroFileChooser("Range file", csroRangeFiles)), Pairs(new QLineEdit),
      Copies(new QSpinBox),
      Statistics(new QCheckBox("&Statistics of the whole, and composition of the domains")),
      State(new QLabel) {
  this->setObjectName("csroAnalysisDialog");
  this->setWindowTitle("CSRO Analysis");
  this->IsFile->setChecked(true);
  this->Pairs->setPlaceholderText("every element with itself; or as in Ni-Ni, Co-Cr");
  this->Copies->setRange(0, MostCopies);
  this->Copies->setValue(DefaultCopies);
  this->Copies->setToolTip(
      "The smallest possible p is 1 / (copies + 1): 0.05 with 19, 0.01 with 99.");
  this->Statistics->setToolTip(
      "Order parameters, nearest neighbours, spectrum, profiles: charts in a tab of their "
      "own, a chapter of the report.");
  this->State->setWordWrap(true);

  auto *form = new QFormLayout;
  form->addRow(this->IsSpecimen);
  form->addRow(this->IsFile, this->Ions);
  form->addRow("&Range file:", this->Ranges);
  form->addRow("&Pairs:", this->Pairs);
  form->addRow("Randomised &copies:", this->Copies);
  form->addRow(this->Statistics);
  auto *buttons = new QDialogButtonBox(QDialogButtonBox::Apply | QDialogButtonBox::Cancel);
  this->ApplyButton = buttons->button(QDialogButtonBox::Apply);
  buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false); // Return is Apply
  this->ApplyButton->setDefault(true);
  auto *all = new QVBoxLayout(this);
  all->addLayout(form);
  all->addWidget(this->State);
  all->addWidget(buttons);
  this->setMinimumWidth(560);

  this->TakeSelected();
  QObject::connect(this->IsFile, &QRadioButton::toggled, this, &csroAnalysisDialog::ShowState);
  QObject::connect(this->Ions, &pqFileChooserWidget::filenamesChanged, this,
                   &csroAnalysisDialog::ProposeRanges);
  QObject::connect(this->ApplyButton, &QPushButton::clicked, this, &csroAnalysisDialog::Build);
  QObject::connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  this->ShowState();
}

// The file of the reader that is selected, applied or not, and its ranges. The analysis goes on
// from this reader.
void csroAnalysisDialog::TakeSelected() {
  pqPipelineSource *selected = pqActiveObjects::instance().activeSource();
  vtkSMProxy *reader = selected ? selected->getProxy() : nullptr;
  if (!reader || !csroIsOurs(reader) || !reader->GetProperty("RangesFileName") ||
      !reader->GetProperty("FileName"))
    return;
  this->Ions->setSingleFilename(vtkSMPropertyHelper(reader, "FileName").GetAsString());
  this->Ranges->setSingleFilename(vtkSMPropertyHelper(reader, "RangesFileName").GetAsString());
  this->Reader = selected;
}

bool csroAnalysisDialog::IsOfReader() const {
  const auto same = [this](const char *property, pqFileChooserWidget *chosen) {
    return chosen->singleFilename() ==
           vtkSMPropertyHelper(this->Reader->getProxy(), property).GetAsString();
  };
  return this->Reader && this->IsFile->isChecked() && same("FileName", this->Ions) &&
         same("RangesFileName", this->Ranges);
}

void csroAnalysisDialog::ProposeRanges() {
  this->IsFile->setChecked(true);
  this->Ranges->setSingleFilename(csroRangesBeside(this->Ions->singleFilename()));
  this->ShowState();
}

void csroAnalysisDialog::ShowState() {
  const bool is_file = this->IsFile->isChecked();
  const bool is_remote = pqActiveObjects::instance().activeServer()->isRemote();
  const bool is_chosen = !this->Ions->singleFilename().isEmpty();
  this->Ions->setEnabled(is_file);
  this->Ranges->setEnabled(is_file);
  this->ApplyButton->setEnabled(!is_remote && (!is_file || is_chosen));
  this->State->setText(
      is_remote
          ? "The data are on a server: run csro_batch there, or make the pipeline step by step."
      : is_file && !is_chosen ? "Choose an ion file."
                              : "");
}

QByteArray csroAnalysisDialog::Call() const {
  const bool of_reader = this->IsOfReader(), is_file = this->IsFile->isChecked() && !of_reader;
  return "build_in_window(" + csroPython(is_file ? this->Ions->singleFilename() : QString()) +
         ", " + csroPython(is_file ? this->Ranges->singleFilename() : QString()) + ", " +
         csroPython(this->Pairs->text().trimmed()) + ", " +
         QByteArray::number(this->Copies->value()) +
         (this->Statistics->isChecked() ? ", True" : ", False") +
         (of_reader ? ", of_selected=True)" : ")");
}

void csroAnalysisDialog::Build() {
  const QPointer<pqPipelineSource> reader = this->IsOfReader() ? this->Reader : nullptr;
  this->accept();
  if (!csroRunScript("csro_pipeline", this->Call()))
    QMessageBox::warning(this, this->windowTitle(), csroNoScripts());
  else if (reader)
    reader->setModifiedState(pqProxy::UNMODIFIED);
}
