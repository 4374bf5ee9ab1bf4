"""registers: the national self-exclusion registers, asked by us.

A PAM may ask them and tell us (`rg.register_checked`); a licensee who gives us its own credentials has us ask.

    contract   what a register is, what may be asked for which purpose, what an answer is
    catalogue  the seven, each with what it declares
    gamstop, spelpaus, connector   how one is spoken to: question -> HTTP -> answer; no database
    calling    the only code that calls out: allowed hosts only, bounded in time and size, no redirect
    asking     who has to be asked before a send is due, and writing the answers down
    health     what the page of the registers shows

An answer is a fact with an age, never a flag on a player. Not a definite answer = unavailable, and the gate says no.
The identifier's form is checked before anything is asked: asked with a wrong one, registers answer "not found".
"""
