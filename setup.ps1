# Installs formcheck into .venv beside this file and puts its command where it can be called, as ./setup does elsewhere.
#   powershell -ExecutionPolicy Bypass -File setup.ps1            for users; then analyses three sample clips
#   powershell -ExecutionPolicy Bypass -File setup.ps1 dev        for developers; then runs the tests
Set-Location $PSScriptRoot
foreach ($python in "py", "python", "python3") {
    if (Get-Command $python -ErrorAction SilentlyContinue) {
        & $python -c "import sys; sys.exit(sys.version_info < (3, 11))"
        if ($LASTEXITCODE -eq 0) {
            & $python tools/install.py @args
            exit $LASTEXITCODE
        }
    }
}
[Console]::Error.WriteLine("error: expected Python 3.11 or newer, found none; install one from python.org and type it again")
exit 1
