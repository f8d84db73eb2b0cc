from beesender_support.cli import main

main(prog_name="beesender-support")
